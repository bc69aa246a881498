import io
import json
import logging
import warnings
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import greenlet
import pytest
import structlog

from shared.observability.logging import bound, setup

log = logging.getLogger("some.module")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def left_as_found() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    logging.captureWarnings(False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def out() -> io.StringIO:
    stream = io.StringIO()
    setup("serve", service="billing", stream=stream)
    return stream


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_one_json_object_a_line(out: io.StringIO) -> None:
    log.info("paid %s\nin full", "漏水")
    (line,) = lines(out)
    assert line["event"] == "paid 漏水\nin full"
    assert (line["logger"], line["level"]) == ("some.module", "info")
    assert (line["process"], line["service"]) == ("serve", "billing")
    offset = datetime.fromisoformat(line["timestamp"]).utcoffset()
    assert offset is not None
    assert not offset


def test_structlog_s_own_loggers_come_out_the_same_way(out: io.StringIO) -> None:
    structlog.get_logger("own").warning("paid", fen=100)
    (line,) = lines(out)
    assert (line["event"], line["fen"], line["level"]) == ("paid", 100, "warning")
    assert (line["logger"], line["service"]) == ("own", "billing")


def test_every_line_inside_says_for_whom(out: io.StringIO) -> None:
    with bound(correlation_id="c-1", actor="li"):
        with bound(actor="wang", service="security"):
            log.info("inner")
        log.info("outer")
    log.info("after")
    inner, outer, after = lines(out)
    assert (inner["correlation_id"], inner["actor"]) == ("c-1", "wang")
    assert (inner["service"], outer["service"]) == ("security", "billing")
    assert (outer["correlation_id"], outer["actor"]) == ("c-1", "li")
    assert not {"traceparent", "trace_id"} & set(outer)
    assert not {"correlation_id", "actor"} & set(after)


def test_a_line_names_its_trace_and_its_span(out: io.StringIO) -> None:
    with bound(traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"):
        log.info("traced")
    with bound(traceparent="nonsense"):
        log.info("untraced")
    traced, untraced = lines(out)
    assert traced["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert traced["span_id"] == "00f067aa0ba902b7"
    assert not {"trace_id", "span_id"} & set(untraced)


def test_green_threads_do_not_mix_up_their_callers(out: io.StringIO) -> None:
    def work(name: str) -> None:
        with bound(actor=name):
            main.switch()
            log.info("for %s", name)

    main = greenlet.getcurrent()
    workers = [greenlet.greenlet(work) for _ in range(2)]
    for worker, name in zip(workers, ("li", "wang"), strict=True):
        worker.switch(name)
    for worker in workers:
        worker.switch()
    assert [(line["event"], line["actor"]) for line in lines(out)] == [
        ("for li", "li"),
        ("for wang", "wang"),
    ]


def test_a_traceback_shows_no_values(out: io.StringIO) -> None:
    try:
        whose = "Li Na 13800138000"
        raise KeyError(len(whose))
    except KeyError:
        log.exception("failed")
    (line,) = lines(out)
    assert "KeyError: 17" in line["exception"]
    assert "Traceback" in line["exception"]
    assert "138001" not in out.getvalue()


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_what_is_secret_is_masked_wherever_it_turns_up(log_format: str) -> None:
    out = io.StringIO()
    setup("serve", log_format=log_format, stream=out)
    token = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJsaSJ9.c2ln"
    log.info("bad token %s", token)
    log.info("lost amqp://wuye:geheim@broker:5672/ and postgresql://wuye:ge@heim@db/x")
    log.info("context %s", {"auth_token": token})
    log.info("asked", extra={"password": "geheim", "request": [{"refresh_token": "geheim"}]})
    structlog.get_logger().info("set", master_key="geheim", nested={"a": {"cookie": "geheim"}})
    try:
        raise ValueError(f"{token} at amqp://wuye:geheim@broker")
    except ValueError:
        log.exception("failed")
    text = out.getvalue()
    assert "heim" not in text
    assert "eyJ" not in text
    assert text.count("***") >= 9
    assert "amqp://wuye:***@broker:5672/" in text


def test_a_line_is_never_lost_for_what_it_holds() -> None:
    # Set up within the test, so that pytest keeps no copy, which it could not send on.
    out = io.StringIO()
    setup("serve", stream=out)
    circle: list[Any] = []
    circle.append(circle)
    log.info("half a character \ud83d")
    log.info("odd", extra={"a": object(), "b": {1: b"x"}, "c": circle, "d": 2**80, "e": 1e999})
    log.info("long %s", "x" * 100_000)
    first, second, third = lines(out)
    assert first["event"] == "half a character \ud83d"
    assert second["d"] == 2**80 or second["d"] == str(2**80)
    assert len(third["event"]) < 10_000


def test_libraries_that_say_what_passes_through_them_are_hushed() -> None:
    out = io.StringIO()
    setup("work", level="debug", stream=out)
    for name in ("pika.channel", "kombu.mixins", "amqp", "urllib3.connectionpool"):
        logging.getLogger(name).info("body: Li Na lives in 3-201")
    logging.getLogger("amqp.channel").warning("channel closed")
    logging.getLogger("pika.adapters").error("it failed, and will be tried again")
    log.debug("seen")
    assert [line["event"] for line in lines(out)] == ["channel closed", "seen"]


def test_the_level_holds_for_both_kinds_of_loggers() -> None:
    out = io.StringIO()
    setup("work", level="warning", stream=out)
    log.info("no")
    structlog.get_logger().info("no")
    log.warning("yes")
    assert [line["event"] for line in lines(out)] == ["yes"]


def test_warnings_are_logged(out: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        setup("serve", stream=out)
        warnings.warn("careful", stacklevel=1)
    (line,) = lines(out)
    assert line["level"] == "warning"
    assert "careful" in line["event"]


def test_called_again_each_line_still_comes_once(out: io.StringIO) -> None:
    setup("serve", stream=out)
    log.info("once")
    assert len(lines(out)) == 1


@pytest.mark.parametrize(
    ("stream", "log_format", "is_json"),
    [
        (io.StringIO, "auto", True),
        (Terminal, "auto", False),
        (Terminal, "json", True),
        (io.StringIO, "console", False),
    ],
)
def test_auto_is_console_on_a_terminal(
    stream: type[io.StringIO], log_format: str, is_json: bool
) -> None:
    out = stream()
    setup("serve", log_format=log_format, stream=out)
    log.info("hello")
    assert out.getvalue().startswith("{") is is_json
    assert "hello" in out.getvalue()
    assert ("\x1b[" in out.getvalue()) is (not is_json and stream is Terminal)
