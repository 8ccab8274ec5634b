from tests.crawlers.test_night import *
import time
def test_one(nights, web):
    web.pages = {"/f.xml": rss(web, "/a", "/b"), "/a": story("A"), "/b": story("B")}
    nights.sources(feed(web, "f"))
    for i in range(14):
        t=time.time(); nights.crawl(FIRST_NIGHT+timedelta(days=i)); print("night", round(time.time()-t,2), os.getloadavg()[0])
