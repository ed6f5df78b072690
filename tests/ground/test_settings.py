"""Settings are right before anything starts, or the program says which are not."""

from pathlib import Path

import pytest

from ground import settings
from ground.settings import SettingsWrong

SECRET = "x" * 32


@pytest.fixture
def house(tmp_path):
    def read(text: str = "", **spoken):  # noqa: ANN003
        file = tmp_path / "jidi.toml"
        file.write_text(text, "utf-8")
        environment = {f"JIDI_{name.upper()}": value for name, value in spoken.items()}
        return settings.read({"PATH": "/bin", "JIDI_DATA": str(tmp_path / "var"), **environment}, file)

    return read


def refused(read, *given, **spoken):  # noqa: ANN002, ANN003
    with pytest.raises(SettingsWrong) as refusal:
        read(*given, **spoken)
    assert refusal.value.code == "settings.wrong"
    return {problem.field: problem for problem in refusal.value.problems}


def test_production_needs_nothing_but_a_secret(house, tmp_path):
    found = house(secret=SECRET)
    assert (found.mode, found.host, found.port, found.hosts, found.upload_mb) == (
        "production",
        "127.0.0.1",
        8000,
        (),
        200,
    )
    assert found.data == tmp_path / "var"
    assert found.url == f"sqlite:///{tmp_path / 'var' / 'jidi.db'}"


def test_the_data_folder_is_var_if_nobody_says_otherwise(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert settings.read({"JIDI_MODE": "test"}).data == tmp_path / "var"


def test_the_environment_speaks_over_the_file(house):
    found = house('port = 9000\nhost = "0.0.0.0"\nhosts = ["jidi.example:443"]', secret=SECRET, port="9001")
    assert (found.port, found.host, found.hosts) == (9001, "0.0.0.0", ("jidi.example:443",))  # noqa: S104
    assert house(secret=SECRET, hosts="a.example, b.example:8443").hosts == ("a.example", "b.example:8443")


@pytest.mark.parametrize("secret", ["", "short", "x" * 31])
def test_production_refuses_to_start_without_a_long_secret_attack_064(house, secret):
    problem = refused(house, secret=secret)["secret"]
    assert "32" in problem.right
    assert problem.found == f"{len(secret)} characters"


def test_the_demo_keeps_a_secret_of_its_own(house, tmp_path):
    first = house(mode="demo")
    assert len(first.secret) >= 32
    assert house(mode="demo").secret == first.secret
    assert (tmp_path / "var" / "secret").stat().st_mode & 0o777 == 0o600


def test_the_demo_is_refused_where_the_file_says_production(house):
    problem = refused(house, 'mode = "production"', mode="demo")["mode"]
    assert problem.found == "demo"


def test_the_demo_is_refused_on_the_data_of_production_and_production_on_the_data_of_the_demo(house, tmp_path):
    house(secret=SECRET)
    problem = refused(house, mode="demo")["mode"]
    assert problem.right.startswith("production")
    other = str(tmp_path / "demo")
    house(mode="demo", data=other)
    assert refused(house, secret=SECRET, data=other)["mode"].right.startswith("demo")
    assert house(mode="demo", data=other).mode == "demo"


def test_every_wrong_field_is_listed_at_once_with_what_would_be_right(house):
    found = refused(house, mode="live", port="80a", host="a b", url="mysql://x", upload_mb="0", secret=SECRET)
    assert set(found) == {"mode", "port", "host", "url", "upload_mb"}
    assert found["mode"].right == "demo | production | test"
    assert found["port"].right == "1 … 65535"
    assert "postgresql+psycopg://" in found["url"].right


@pytest.mark.parametrize("port", ["0", "65536", "-1", "８０", "1_0", "1.5", "", "9" * 400])
def test_a_port_is_a_plain_whole_number_within_its_range(house, port):
    assert "port" in refused(house, secret=SECRET, port=port)


def test_a_misspelt_name_is_refused_with_the_right_one(house):
    assert refused(house, secret=SECRET, prot="8000")["JIDI_PROT"].right == "JIDI_PORT"
    assert refused(house, "prot = 8000", secret=SECRET)["prot"].right == "port"


def test_a_file_that_is_no_toml_is_refused_by_name(house, tmp_path):
    assert str(tmp_path / "jidi.toml") in refused(house, "port = ", secret=SECRET)


def test_a_data_folder_that_is_a_file_is_refused(house, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    assert refused(house, secret=SECRET, data=str(tmp_path / "file"))["data"].right == "a folder"
    below = str(tmp_path / "file" / "below")
    assert "write" in refused(house, secret=SECRET, data=below)["data"].right


def test_no_secret_and_no_password_stands_in_what_is_printed_attack_107(house):
    with pytest.raises(SettingsWrong) as refusal:
        house(secret="hunter2", url="oracle://me:hunter2@db/x", secrt="hunter2")  # noqa: S106
    assert "hunter2" not in str(refusal.value)
    assert "@db/x" in str(refusal.value)


def test_sqlite_is_served_by_one_process_and_postgresql_by_as_many_as_one_likes(house):
    assert house(secret=SECRET).workers == 1
    assert "PostgreSQL" in refused(house, secret=SECRET, workers="2")["workers"].right
    postgresql = "postgresql+psycopg://me@db/x"
    assert house(secret=SECRET, url=postgresql).workers == 2
    assert house(secret=SECRET, url=postgresql, workers="8", shared_port="yes").workers == 8
    assert refused(house, secret=SECRET, shared_port="perhaps")["shared_port"].right == "yes | no"


def test_settings_cannot_be_changed_afterwards(house):
    found = house(secret=SECRET)
    with pytest.raises(AttributeError):
        found.mode = "demo"
    assert isinstance(found.data, Path)


def test_trusted_proxies_are_addresses_or_networks(house):
    assert house(secret=SECRET).proxies == ()
    assert house(secret=SECRET, proxies="10.0.0.5, 10.1.0.0/24").proxies == ("10.0.0.5/32", "10.1.0.0/24")
    for wrong in ("proxy.example", "10.1.0.9/24", "10.0.0.5;10.0.0.6"):
        with pytest.raises(SettingsWrong):
            house(secret=SECRET, proxies=wrong)


def test_channels_are_read_and_what_cannot_be_one_is_named(house):
    found = house(secret=SECRET, mail="smtps://jidi:pass@mail.example:465", mail_from="jidi@example.gov.cn")
    assert (found.mail, found.mail_from) == ("smtps://jidi:pass@mail.example:465", "jidi@example.gov.cn")
    assert set(refused(house, secret=SECRET, mail="smtp://mail.example")) == {"mail_from"}
    wrong = refused(
        house,
        secret=SECRET,
        mail="imap://jidi:hunter2@mail.example",
        mail_from="nobody",
        sms="ftp://gateway",
        sms_token="two words",  # noqa: S106  and of course none
        wecom="https://",
    )
    assert set(wrong) == {"mail", "mail_from", "sms", "sms_token", "wecom"}
    assert "smtps://" in wrong["mail"].right


def test_a_scanner_is_an_address_or_a_socket(house):
    for given in ("tcp://127.0.0.1:3310", "unix:///run/clamav/clamd.ctl"):
        assert house(secret=SECRET, scanner=given).scanner == given
    for wrong in ("http://127.0.0.1", "unix://here", "clamd"):
        assert set(refused(house, secret=SECRET, scanner=wrong)) == {"scanner"}


@pytest.mark.parametrize("name", ["mail", "sms", "sms_token", "wecom"])
def test_of_what_may_hold_a_key_only_the_length_is_shown(house, name):
    given = "nowhere:jidi:hunter2 @mail.example"
    assert refused(house, secret=SECRET, **{name: given})[name].found == f"{len(given)} characters"
