"""The reception desk of a municipality's field stations; the screens live in the package `screens`."""

__version__ = "0.1.0"
