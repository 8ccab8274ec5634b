"""The page on which an editor signs in and out."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.auth.identity import COOKIE, by_password
from dashboard.auth.sign_in import LARGEST, routes
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.decisions.accounts import Accounts

PASSWORD = "correct horse battery"
FORM = {"name": "ada", "password": PASSWORD}


@pytest.fixture
def client(home: Home) -> TestClient:
    Accounts(home.accounts).put("ada", PASSWORD)
    own_headers = {"origin": "http://desk.example"}
    return TestClient(Starlette(routes=routes(home)), "http://desk.example", headers=own_headers,
                      follow_redirects=False)


def test_the_right_password_gives_a_cookie_that_scripts_cannot_read(client: TestClient, home: Home) -> None:
    answer = client.post("/sign-in", data=FORM | {"next": "claim?id=c1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "./claim?id=c1")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "max-age=43200" in cookie
    assert "secure" not in cookie
    assert by_password(dict(client.cookies), home, Config()) == "ada"
    assert "You decide as <b>ada</b>" in client.get("/sign-in").text
    response = client.post("/sign-out")
    assert response.status_code == 303
    assert COOKIE not in client.cookies


def test_signing_out_ends_a_copied_cookie_too_and_one_signs_in_again(client: TestClient, home: Home) -> None:
    client.post("/sign-in", data=FORM)
    copied_cookies = dict(client.cookies)
    client.post("/sign-out")
    assert by_password(copied_cookies, home, Config()) is None
    client.post("/sign-in", data=FORM)
    assert by_password(dict(client.cookies), home, Config()) == "ada"
    assert by_password(copied_cookies, home, Config()) is None


def test_who_is_not_signed_in_signs_nobody_out(client: TestClient, home: Home) -> None:
    client.post("/sign-in", data=FORM)
    held_cookies = dict(client.cookies)
    client.cookies.clear()
    assert client.post("/sign-out").status_code == 303
    assert by_password(held_cookies, home, Config()) == "ada"


@pytest.mark.parametrize("damage", [b"", b"[1]", b"\xff", b'{"ada": null}'])
def test_without_the_marks_of_sign_ins_everybody_signs_in_again(client: TestClient, home: Home,
                                                                damage: bytes) -> None:
    client.post("/sign-in", data=FORM)
    home.sessions.write_bytes(damage)
    assert by_password(dict(client.cookies), home, Config()) is None
    client.post("/sign-in", data=FORM)
    assert by_password(dict(client.cookies), home, Config()) == "ada"


def test_wrong_passwords_count_for_the_address_that_our_proxy_names(home: Home) -> None:
    Accounts(home.accounts).put("ada", PASSWORD)
    app = Starlette(routes=routes(home))
    headers = {"origin": "http://desk.example"}
    proxied, direct = (TestClient(app, "http://desk.example", headers=headers, follow_redirects=False,
                                  client=(peer, 5)) for peer in ("127.0.0.1", "198.51.100.7"))

    def tried(client: TestClient, told: str, password: str) -> int:
        proxy_headers = {"x-forwarded-for": told}
        return client.post("/sign-in", data=FORM | {"password": password}, headers=proxy_headers).status_code

    assert [tried(proxied, "1.2.3.4, 203.0.113.9", "wrong") for _ in range(6)] == [401] * 5 + [429]
    assert tried(proxied, "203.0.113.10", PASSWORD) == 303
    # On a request that no proxy passed on, the client itself wrote the header.
    assert [tried(direct, f"203.0.113.{n}", "wrong") for n in range(6)] == [401] * 5 + [429]


def test_behind_tls_the_cookie_is_for_tls_alone(client: TestClient) -> None:
    answer = client.post("/sign-in", data=FORM, headers={"x-forwarded-proto": "https"})
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("form", [FORM | {"password": "wrong"}, FORM | {"name": "eve"}, {}, {"name": "ada"},
                                  {"password": "x" * LARGEST}])
def test_anything_else_gives_none_and_does_not_tell_which_was_wrong(client: TestClient,
                                                                    form: dict[str, str]) -> None:
    answer = client.post("/sign-in", data=form)
    assert answer.status_code == 401
    assert "The name or the password is wrong." in answer.text
    assert "set-cookie" not in answer.headers


def test_a_form_on_another_site_is_refused(client: TestClient) -> None:
    for headers in ({"origin": "http://evil.example"}, {"origin": "null"},
                    {"origin": "http://desk.example.evil.example"}):
        for path in ("/sign-in", "/sign-out"):
            assert client.post(path, data=FORM, headers=headers).status_code == 403
    same_origin = {"origin": "null", "sec-fetch-site": "same-origin"}
    assert client.post("/sign-in", data=FORM, headers=same_origin).status_code == 303


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "\\evil", "javascript:alert(1)",
                                    "claim?id=<b>", "../x"])
def test_nobody_is_sent_elsewhere(client: TestClient, wanted: str) -> None:
    assert client.post("/sign-in", data=FORM | {"next": wanted}).headers["location"] == "./"
    assert "evil" not in client.get("/sign-in", params={"next": wanted}).text


def test_after_five_wrong_passwords_a_name_has_to_wait_even_with_the_right_one(client: TestClient) -> None:
    for _ in range(5):
        client.post("/sign-in", data=FORM | {"password": "wrong"})
    answer = client.post("/sign-in", data=FORM)
    assert answer.status_code == 429
    assert re.search(r"Try again in \d+ seconds", answer.text)
    assert "set-cookie" not in answer.headers


def test_what_is_typed_comes_back_as_text(client: TestClient) -> None:
    answer = client.post("/sign-in", data={"name": '"><script>alert(1)</script>', "password": "x"})
    assert "<script>" not in answer.text


def test_without_any_editor_the_page_says_how_to_add_one(home: Home) -> None:
    page = TestClient(Starlette(routes=routes(home))).get("/sign-in").text
    assert "rumortrail editor add NAME" in page
    assert "<form" not in page
