"""How dates are printed where Django chooses: in words, as everywhere else in the portal."""
