"""The edge of a request: errors that say what is wrong and no more, limits, headers, odd JSON, the cookie."""

from __future__ import annotations

import gzip
import io
from dataclasses import replace

import pytest

from app import create_app
from backend import database as store
from backend import demo
from backend.edge import BODY_LIMIT_BYTES, JSON_DEPTH_LIMIT, limiter, refuse_odd_json
from backend.identity import people
from tests.conftest import PASSWORD

CODE = "/api/v1/auth/customer/code"
REFRESH = "/api/v1/auth/refresh"
STAFF = "/api/v1/auth/staff/token"


@pytest.fixture
def north(make_tenant, app):
    return make_tenant("north")


@pytest.fixture
def login(north):
    return {"tenant": "north", "login": "agent@north", "password": PASSWORD}


def error(answer):
    return answer.json["error"]


class TestErrors:
    def test_errors_by_field(self, client, north):
        answer = client.post(CODE, json={"tenant": "north", "phone": 5, "more": 1})
        assert answer.status_code == 422
        assert error(answer)["code"] == "invalid"
        assert set(error(answer)["fields"]) == {"phone", "more"}

    def test_what_is_no_json(self, client):
        answer = client.post(CODE, data="{", content_type="application/json")
        assert (answer.status_code, error(answer)["code"]) == (400, "bad_request")

    @pytest.mark.parametrize(
        ("method", "path", "status", "code"),
        [
            ("GET", "/nowhere", 404, "not_found"),
            ("GET", "/api/v1/nowhere", 404, "not_found"),
            ("GET", CODE, 405, "method_not_allowed"),
            ("DELETE", "/api/v1/home", 405, "method_not_allowed"),
            ("GET", "/assets/../app.py", 404, "not_found"),
            ("GET", "/assets/%2e%2e/%2e%2e/app.py", 404, "not_found"),
            ("GET", "/api/v1/home?locale=%00", 400, "bad_request"),
            ("GET", "/api/v1/home?" + "x" * 3000, 400, "bad_request"),
        ],
    )
    def test_every_error_has_the_same_form(self, client, method, path, status, code):
        answer = client.open(path, method=method)
        assert (answer.status_code, error(answer)["code"]) == (status, code)

    def test_our_own_mistakes_tell_nothing_but_a_number_to_ask_by(self, app, client, capsys):
        def broken():
            raise RuntimeError("the secret is 42")

        app._got_first_request = False
        app.add_url_rule("/healthz2", "health.live2", broken)
        app.view_functions["health.live"] = broken
        answer = client.get("/healthz")
        assert answer.status_code == 500
        assert error(answer)["code"] == "internal"
        assert error(answer)["request_id"] == answer.headers["X-Request-Id"]
        assert "42" not in answer.text

    def test_no_free_connection_is_503(self, app, client, monkeypatch):
        monkeypatch.setattr(store.db.obj, "_max_connections", 0.5)
        monkeypatch.setattr(store.db.obj, "_wait_timeout", 0.01)
        store.unbind()
        monkeypatch.setattr(store.db.obj, "_in_use", {1: None})
        answer = client.get("/api/v1/home", headers={"Authorization": "Bearer x"})
        assert (answer.status_code, error(answer)["code"]) == (503, "database_busy")
        monkeypatch.setattr(store.db.obj, "_in_use", {})


class TestOddJson:
    @pytest.mark.parametrize(
        "body",
        [
            b'{"a": "\\u0000"}',
            b'{"\\u0000": 1}',
            b'{"a": "\\ud800"}',
            b'{"a": "\\uDFFF x"}',
            b'{"a": NaN}',
            b'{"a": -Infinity}',
            b'{"a": 1e999}',
            b'{"a": ' + b"9" * 5000 + b"}",
            b"[" * 40 + b"]" * 40,
            b"[" * 60_000,
            b'{"a":' * 10_000,
            b'{"a": "\\ud800", ',
            b"\xff\\u0000",
        ],
    )
    def test_is_refused(self, client, body):
        answer = client.post(CODE, data=body, content_type="application/json")
        assert (answer.status_code, error(answer)["code"]) == (400, "bad_request")

    @pytest.mark.parametrize(
        "body",
        [
            b'{"a": "\\ud83d\\ude00"}',
            b'{"a": "NaN and Infinity are words"}',
            b'{"a": "\\\\u0000 is six letters"}',
            b'{"a": 1e100, "b": "' + b"1" * 400 + b'"}',
            b"[" + b",".join([b"{}"] * 200) + b"]",
            b"[" * JSON_DEPTH_LIMIT + b"]" * JSON_DEPTH_LIMIT,
            b"",
        ],
    )
    def test_what_only_looks_odd_is_let_through(self, body):
        refuse_odd_json(body)


class TestBodies:
    def test_too_large_is_413(self, client):
        answer = client.post(CODE, data=b"x" * (BODY_LIMIT_BYTES + 1), content_type="application/json")
        assert answer.status_code == 413

    def test_packed_bodies_are_unpacked_within_the_limit(self, client, north):
        packed = gzip.compress(b'{"tenant": "north", "phone": "+48999000111"}')
        headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
        assert client.post(CODE, data=packed, headers=headers).status_code == 202
        bomb = gzip.compress(b" " * 10_000_000)
        assert client.post(CODE, data=bomb, headers=headers).status_code == 413

    def test_a_body_that_breaks_off_is_400(self, client):
        environ = {"CONTENT_LENGTH": "100", "wsgi.input": io.BytesIO(b"short")}
        assert client.post(CODE, environ_overrides=environ).status_code == 400


class TestPorts:
    """The port a request came in on decides which half it sees, never its Host header."""

    @pytest.mark.parametrize(
        ("port", "path", "status"),
        [
            ("8000", "/healthz", 200),
            ("8000", "/acs", 404),
            ("8000", "/acs/", 404),
            ("7547", "/healthz", 200),
            ("7547", "/acs", 401),
            ("7547", "/", 404),
            ("7547", "/api/v1/home", 404),
            ("7547", "/metrics", 404),
            ("7547", "/socket.io/", 404),
            ("7547", "//acs", 404),
        ],
    )
    def test_each_half_is_alone(self, client, port, path, status):
        method = "POST" if "acs" in path else "GET"
        answer = client.open(
            path, method=method, headers={"Host": "x:8000"}, environ_overrides={"SERVER_PORT": port}
        )
        assert answer.status_code == status


class TestHeaders:
    def test_pages_allow_nothing_inline_and_nothing_foreign(self, client):
        policy = client.get("/").headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        for loose in ("unsafe", "*", "http:", "https:"):
            assert loose not in policy
        assert client.get("/healthz").headers["X-Content-Type-Options"] == "nosniff"

    def test_answers_of_the_api_are_not_kept(self, client):
        assert client.get("/api/v1/home").headers["Cache-Control"] == "no-store"

    def test_pages_and_assets(self, app, client, config):
        assets = config.web_dist_dir / "assets"
        assets.mkdir(parents=True)
        (config.web_dist_dir / "customer.html").write_text("<h1>customer</h1>")
        (assets / "main-AbCd1234.js").write_text("1")
        (assets / "icon.svg").write_text("<svg/>")
        with client.get("/customer") as page:
            assert (page.status_code, page.text) == (200, "<h1>customer</h1>")
            assert page.headers["Cache-Control"] == "no-cache"
        with client.get("/assets/main-AbCd1234.js") as hashed:
            assert "immutable" in hashed.headers["Cache-Control"]
        with client.get("/assets/icon.svg") as named:
            assert named.headers["Cache-Control"] == "no-cache"
        assert client.get("/agent").status_code == 503

    def test_a_compressed_copy_goes_to_whoever_takes_it(self, client, config):
        assets = config.web_dist_dir / "assets"
        assets.mkdir(parents=True)
        (assets / "main-AbCd1234.js").write_text("plain")
        (assets / "main-AbCd1234.js.gz").write_bytes(gzip.compress(b"plain"))
        (config.web_dist_dir / "secret.gz").write_bytes(gzip.compress(b"secret"))
        for accepted, body in (("gzip, br", gzip.compress(b"plain")), ("identity", b"plain")):
            with client.get("/assets/main-AbCd1234.js", headers={"Accept-Encoding": accepted}) as got:
                encoded = got.headers.get("Content-Encoding") == "gzip"
                assert encoded == (body != b"plain")
                assert (gzip.decompress(got.data) if encoded else got.data) == b"plain"
                assert got.mimetype == "text/javascript"
                assert got.headers["Vary"] == "Accept-Encoding"
        assert client.get("/assets/../secret", headers={"Accept-Encoding": "gzip"}).status_code == 404


class TestHealth:
    def test_alive_and_ready(self, client):
        assert client.get("/healthz").json == {"status": "ok"}
        assert client.get("/readyz").json == {"status": "ok"}

    def test_not_ready_without_its_database(self, client, config):
        store.unbind()
        config.sqlite_path.unlink()
        config.sqlite_path.mkdir()
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json["missing"]) == (503, ["database"])

    def test_figures(self, client):
        client.get("/api/v1/home")
        figures = client.get("/metrics").text
        assert 'careflow_http_requests_total{method="GET",route="/api/v1/home",status="401"}' in figures

    def test_invented_methods_make_no_figures_of_their_own(self, client):
        for method in ("INVENTED", "PROPFIND"):
            assert client.open("/healthz", method=method).status_code == 405
        figures = client.get("/metrics").text
        assert 'method="other",route="(none)",status="405"' in figures
        assert "INVENTED" not in figures
        assert "PROPFIND" not in figures


class TestCookie:
    def cookie(self, client, surface):
        return client.get_cookie(f"careflow_refresh_{surface}", path="/api/v1/auth")

    def test_the_refresh_token_is_for_the_server_alone(self, client, login):
        answer = client.post(STAFF, json=login)
        assert answer.status_code == 200
        kept = answer.headers["Set-Cookie"]
        for part in ("HttpOnly", "SameSite=Strict", "Path=/api/v1/auth"):
            assert part in kept
        assert self.cookie(client, "staff").value not in answer.text

    def test_over_tls_it_stays_on_tls(self, client, login):
        answer = client.post(STAFF, json=login, base_url="https://care.example")
        assert "Secure" in answer.headers["Set-Cookie"]
        assert answer.headers["Strict-Transport-Security"]

    def test_each_use_moves_it_on(self, client, login):
        client.post(STAFF, json=login)
        before = self.cookie(client, "staff").value
        assert client.post(REFRESH, json={}).status_code == 200
        assert self.cookie(client, "staff").value != before

    def test_screens_side_by_side_keep_theirs(self, client, login):
        client.post(STAFF, json={**login, "surface": "agent"})
        client.post(STAFF, json={**login, "login": "operator@north", "surface": "operator"})
        roles = [
            client.post(REFRESH, json={"surface": surface}).json["subject"]["role"]
            for surface in ("agent", "operator", "agent")
        ]
        assert roles == ["agent", "operator", "agent"]
        assert client.post(REFRESH, json={"surface": "customer"}).status_code == 401

    @pytest.mark.parametrize("path", [REFRESH, "/api/v1/auth/logout", STAFF, CODE])
    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "null", "http://localhost.evil.example", "http://localhost:81"]
    )
    def test_another_sites_page_is_refused(self, client, login, path, origin):
        body = {STAFF: login, CODE: {"tenant": "north", "phone": "+48999000111"}}.get(path, {})
        answer = client.post(path, json=body, headers={"Origin": origin})
        assert (answer.status_code, error(answer)["code"]) == (403, "wrong_origin")

    def test_our_own_page_is_not(self, client, login):
        client.post(STAFF, json=login)
        assert client.post(REFRESH, json={}, headers={"Origin": "http://localhost"}).status_code == 200

    def test_logout_ends_the_sign_in(self, client, login):
        token = client.post(STAFF, json=login).json["access_token"]
        who = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/v1/auth/subject", headers=who).json["role"] == "agent"
        assert client.post("/api/v1/auth/logout", json={}).status_code == 204
        assert self.cookie(client, "staff") is None
        assert client.get("/api/v1/auth/subject", headers=who).status_code == 401
        assert client.post(REFRESH, json={}).status_code == 401
        assert client.post("/api/v1/auth/logout", json={}).status_code == 204


class TestRateLimits:
    @pytest.fixture
    def limited(self, database_bound, make_tenant):
        make_tenant("north")
        made = create_app(replace(database_bound, rate_limits=True)).test_client()
        limiter.reset()
        return made

    def test_logins_are_limited(self, limited):
        body = {"tenant": "north", "login": "nobody", "password": "x"}
        statuses = [limited.post(STAFF, json=body).status_code for _ in range(12)]
        assert statuses == [401] * 10 + [429] * 2
        answer = limited.post(STAFF, json=body)
        assert error(answer)["code"] == "too_many"
        assert 0 < int(answer.headers["Retry-After"]) <= 60

    def test_guessing_at_one_account_from_many_addresses_is_limited(self, limited):
        def guess(number, login):
            body = {"tenant": "north", "login": login, "password": "x"}
            return limited.post(STAFF, json=body, environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"})

        statuses = [guess(number, "Nobody" if number % 2 else "nobody ").status_code for number in range(22)]
        assert statuses == [401] * 20 + [429] * 2
        assert guess(30, "somebody").status_code == 401
        garbage = limited.post(STAFF, data=b"[", environ_overrides={"REMOTE_ADDR": "192.0.2.99"})
        assert garbage.status_code < 500

    def test_codes_are_limited_by_phone(self, limited):
        with store.connection():
            north = people.tenants()[0]
            phone = people.find_customers(north.id, "Anna", "", 1)[0].phone
        assert limited.post(CODE, json={"tenant": "north", "phone": phone}).status_code == 202
        answer = limited.post(CODE, json={"tenant": "north", "phone": phone})
        assert (answer.status_code, error(answer)["code"]) == (429, "code_too_soon")
        assert 0 < int(answer.headers["Retry-After"]) <= 20

    def test_forwarded_addresses_count_only_from_trusted_proxies(self, limited):
        body = {"tenant": "north", "login": "nobody", "password": "x"}
        for number in range(11):
            status = limited.post(
                STAFF, json=body, headers={"X-Forwarded-For": f"10.0.0.{number}"}
            ).status_code
        assert status == 429


class TestDemo:
    def test_codes_are_shown_in_the_demo_only(self, client, north, database_bound):
        with store.connection():
            phone = people.customer(north.tenant_id, north.customer_id).phone
        client.post(CODE, json={"tenant": "north", "phone": phone})
        shown = client.get("/demo/codes").json["codes"][0]
        assert shown["phone"] == phone
        body = {"tenant": "north", "phone": phone, "code": shown["code"]}
        assert client.post("/api/v1/auth/customer/token", json=body).json["subject"]["name"] == "Anna Nowak"
        real = create_app(replace(database_bound, demo=False)).test_client()
        assert real.get("/demo/codes").status_code == 404
        assert real.get("/demo/accounts").status_code == 404

    def test_accounts(self, client):
        demo.show({"tenant": "demo", "customers": [], "staff": []})
        assert client.get("/demo/accounts").json == {"tenant": "demo", "customers": [], "staff": []}


class TestStaff:
    def test_an_administrator_gives_and_ends_an_account(self, client, north):
        with store.connection():
            boss = north.headers("administrator")
        body = {"login": "new.one", "name": "New One", "role": "operator", "password": PASSWORD}
        made = client.post("/api/v1/staff/members", json=body, headers=boss)
        assert made.status_code == 201
        assert "password" not in made.json
        assert client.post("/api/v1/staff/members", json=body, headers=boss).status_code == 409
        login = {"tenant": "north", "login": "new.one", "password": PASSWORD}
        token = client.post(STAFF, json=login).json["access_token"]
        ended = client.post(f"/api/v1/staff/members/{made.json['id']}/deactivate", headers=boss)
        assert ended.json["active"] is False
        who = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/v1/auth/subject", headers=who).status_code == 401
        members = client.get("/api/v1/staff/members", headers=boss).json["members"]
        assert {one["role"] for one in members} == {
            "agent", "operator", "author", "supervisor", "administrator"
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("field", "value"),
        [("role", "customer"), ("password", "short"), ("login", "a b"), ("name", ""), ("surprise", 1)],
    )
    def test_broken_accounts_are_said_by_field(self, client, north, field, value):
        with store.connection():
            boss = north.headers("administrator")
        body = {"login": "new.one", "name": "New One", "role": "operator", "password": PASSWORD, field: value}
        answer = client.post("/api/v1/staff/members", json=body, headers=boss)
        assert answer.status_code == 422
        assert list(error(answer)["fields"]) == [field]
