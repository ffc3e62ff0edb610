"""Sizes with units: read exactly, written so that they read the same, and refused without a unit."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterc import quantity

PARSERS = {
    "bytes": (quantity.parse_bytes, quantity.BYTES),
    "duration": (quantity.parse_duration, quantity.NANOSECONDS),
    "bandwidth": (quantity.parse_bandwidth, quantity.BITS_PER_SECOND),
}
QUANTITY = re.compile(r"([0-9]+(\.[0-9]+)?[A-Za-z]+)+")
KINDS = st.sampled_from(sorted(PARSERS))
# Kubernetes, Go and network engineers agree on these; written down here once more, by hand.
WORTH = {
    "8Gi": ("bytes", 8_589_934_592),
    "1.5Ki": ("bytes", 1536),
    "1k": ("bytes", 1_000),
    "2T": ("bytes", 2_000_000_000_000),
    "1Pi": ("bytes", 2**50),
    "200us": ("duration", 200_000),
    "1h30m": ("duration", 5_400_000_000_000),
    "7d": ("duration", 604_800_000_000_000),
    "0.5s": ("duration", 500_000_000),
    "32Gbps": ("bandwidth", 32_000_000_000),
    "0.4Tbps": ("bandwidth", 400_000_000_000),
}


@pytest.mark.parametrize("text", WORTH)
def test_a_quantity_is_worth(text: str) -> None:
    kind, worth = WORTH[text]
    assert PARSERS[kind][0](text) == worth


@given(KINDS, st.integers(0, 10**6), st.integers(0, 999), st.data())
def test_a_decimal_is_read_exactly_or_refused(kind: str, whole: int, thousandths: int, data: st.DataObject) -> None:
    parse, units = PARSERS[kind]
    unit = data.draw(st.sampled_from(sorted(units)))
    worth = (whole + Fraction(thousandths, 1000)) * units[unit]
    text = f"{whole}.{thousandths:03d}{unit}"
    if worth.denominator == 1:
        assert parse(text) == worth
    else:
        with pytest.raises(quantity.QuantityError, match="whole number"):
            parse(text)


@given(KINDS, st.integers(0, 10**6) | st.floats(0, 10**6))
def test_a_bare_number_is_refused_with_the_likely_unit(kind: str, number: float) -> None:
    parse, units = PARSERS[kind]
    for value in (number, str(number)):
        with pytest.raises(quantity.QuantityError) as refused:
            parse(value)
    if isinstance(number, int):
        assert any(f"{number}{unit}?" in refused.value.fix for unit in units)


@given(KINDS, st.none() | st.booleans() | st.text() | st.lists(st.integers(), max_size=2) | st.binary())
def test_whatever_is_no_quantity_is_refused_and_never_a_crash(kind: str, value: object) -> None:
    parse, units = PARSERS[kind]
    if not (isinstance(value, str) and QUANTITY.fullmatch(value) and value.endswith(tuple(units))):
        with pytest.raises(quantity.QuantityError) as refused:
            parse(value)
        assert refused.value.fix


@given(st.integers(0, 2**60))
def test_bytes_are_written_so_that_they_read_the_same(count: int) -> None:
    text = quantity.format_bytes(count)
    assert count == (int(text) if text.isdigit() else quantity.parse_bytes(text))


@given(st.integers(0, 2**60))
def test_durations_are_written_so_that_they_read_the_same(nanoseconds: int) -> None:
    text = quantity.format_duration(nanoseconds)
    assert quantity.parse_duration(text) == nanoseconds
    assert "d" not in text, "Go knows no days"


@given(st.integers(0, 10**9))
def test_processors_are_written_so_that_they_read_the_same(millicores: int) -> None:
    text = quantity.format_cpu(millicores)
    assert quantity.parse_cpu(int(text) if text.isdigit() else text) == millicores


@given(st.integers(0, 10**9))
def test_bandwidths_are_written_so_that_they_read_the_same(megabits: int) -> None:
    assert quantity.parse_bandwidth(quantity.format_bandwidth(megabits * 10**6)) == megabits * 10**6


@pytest.mark.parametrize("value", [True, 1.5, "8", "0.5", "8 m", "-500m", None])
def test_half_a_processor_is_written_in_millicores(value: object) -> None:
    with pytest.raises(quantity.QuantityError, match="number of CPUs"):
        quantity.parse_cpu(value)


@pytest.mark.parametrize(
    ("kind", "text", "near"), [("bytes", "8GI", "Gi"), ("bytes", "8KI", "Ki"), ("duration", "5S", "s")]
)
def test_a_unit_in_the_wrong_case_is_answered_with_the_right_one(kind: str, text: str, near: str) -> None:
    with pytest.raises(quantity.QuantityError) as refused:
        PARSERS[kind][0](text)
    assert refused.value.fix == f"use one of {near}"


@pytest.mark.parametrize(
    "text", ["\u0661Gi", "\uff18Gi", "8\u00a0Gi", "8Gi\n", " 8Gi", "+8Gi", "-8Gi", "8_0Gi", "1e3Gi", "8GiGi"]
)
def test_only_plain_digits_and_one_unit_are_a_size(text: str) -> None:
    with pytest.raises(quantity.QuantityError):
        quantity.parse_bytes(text)
