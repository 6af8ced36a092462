"""Numbers as Java writes and compares them."""

from decimal import Decimal, InvalidOperation


def double_text(value: float) -> str:
    """`Double.toString`: scientific from 10^7 up and below 10^-3, always with a fraction; the shortest digits."""
    if value != value or value in {float("inf"), float("-inf")}:
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    plain = repr(value)
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return plain if "e" not in plain else f"{value:.1f}"
    if len(plain.lstrip("-").partition("e")[0]) == 1:
        two = f"{value:.1e}"  # of one digit, Java takes the nearest of two: 4.9E-324 for 5e-324
        plain = two if float(two) == value else plain
    sign, digits, exponent = Decimal(plain).as_tuple()
    text = "".join(map(str, digits)).rstrip("0") or "0"
    power = len(digits) - 1 + int(exponent)
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}E{power}"


def decimal_text(value: float | Decimal) -> str:
    """`BigDecimal.toString` of the number that a filter makes of a value."""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**4000 else hex(value)
    return str(Decimal(double_text(value)) if isinstance(value, float) else value)


def as_decimal(text: str) -> float | Decimal | None:
    """The number in a string, as `new BigDecimal` reads it; None when there is none."""
    if not text or len(text) > 300 or not set(text) <= set("0123456789+-.eE"):
        return None
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return None
    return exact if exact.is_finite() and abs(exact.adjusted()) < 10_000 else None


def same(left: float | Decimal, right: float | Decimal) -> bool:
    """Whether two numbers are equal by their decimal digits, as `BigDecimal.compareTo` sees them."""
    return compare(left, right) == 0


def compare(left: float | Decimal, right: float | Decimal) -> int:
    """Below, equal or above zero; floats count as the decimals that they print."""
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        left, right = _exact(left), _exact(right)
    return (left > right) - (left < right)


def _exact(value: float | Decimal) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
