from crawlers.engine.process import main

main()
