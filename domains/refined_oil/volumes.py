"""Litres at 20 °C: V20 = V × VCF, by density after GB/T 1885-1998, else by a mean expansion."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PETROL = ("92#", "95#", "98#")  # the other products are diesel

#: Mean expansion per °C where the density isn't known (PRAC).
BETA_PETROL, BETA_DIESEL = 0.0012, 0.0008

#: Products of table 60B by density at 15 °C, kg/m³, from: expansion at 15 °C = (a + bρ) ÷ ρ² + c, per °C.
_DENSITY_FROM = np.array([0.0, 770.0, 778.0, 839.0])  # petrol, between, jet and winter diesel, diesel
_A = np.array([346.4228, 2680.3206, 594.5418, 186.9696])
_B = np.array([0.4388, 0.0, 0.0, 0.4862])
_C = np.array([0.0, -0.00336312, 0.0, 0.0])


def vcf(petrol: Bools, temp_c: ArrayLike, density: ArrayLike | None = None) -> Floats:
    """The factor that makes litres at `temp_c` litres at 20 °C; NaN where the temperature isn't known.

    With the density at 20 °C (kg/m³) after GB/T 1885, without it 1 − β (t − 20): β 0.0012 for petrol, 0.0008 for diesel.
    """
    t = np.asarray(temp_c, float)
    plain = 1 - np.where(petrol, BETA_PETROL, BETA_DIESEL) * (t - 20)
    if density is None:
        return plain
    dense = _vcf_of_density(t, np.asarray(density, float))
    return np.where(np.isnan(dense), plain, dense)


def _vcf_of_density(t: Floats, rho20: Floats) -> Floats:
    """By way of 15 °C, for which the expansions are given: VCF(t) = factor(t) ÷ factor(20)."""
    rho15 = rho20
    for _ in range(3):  # ρ15 changes by less than 0.001 kg/m³ after the second round
        rho15 = rho20 / _to_15(20.0, rho15)
    return _to_15(t, rho15) / _to_15(20.0, rho15)


def _to_15(t: Floats | float, rho15: Floats) -> Floats:
    """Volume at 15 °C ÷ volume at t, ISO 91."""
    at = np.clip(np.searchsorted(_DENSITY_FROM, rho15, side="right") - 1, 0, len(_A) - 1)
    alpha = (_A[at] + _B[at] * rho15) / rho15**2 + _C[at]
    x = alpha * (t - 15)
    return np.exp(-x * (1 + 0.8 * x))


def litres_at_20(petrol: Bools, litres: ArrayLike, temp_c: ArrayLike, density: ArrayLike, tonnes: ArrayLike) -> Floats:
    """Litres at 20 °C from litres and temperature, else from tonnes and density at 20 °C, else NaN."""
    found = np.asarray(litres, float) * vcf(petrol, temp_c, density)
    return np.where(np.isnan(found), np.asarray(tonnes, float) * 1e6 / np.asarray(density, float), found)
