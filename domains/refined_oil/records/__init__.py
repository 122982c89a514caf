"""What the departments report about the circulation of refined oil (domain-rules A.3.3 and A.3.4)."""

from domains.refined_oil.records.findings import (
    BulkSale,
    PriceCap,
    PricePost,
    Sampling,
    VaporDay,
    VaporTest,
    Verification,
)
from domains.refined_oil.records.movements import Delivery, Invoice, SaleDay, TankReading, TaxDeclaration, Totalizer
from domains.refined_oil.records.stations import (
    Depot,
    InternalPoint,
    Nozzle,
    Station,
    Tank,
    Truck,
    UnlicensedPoint,
    Wholesaler,
)

RECORDS = (
    Station, Tank, Nozzle, Wholesaler, Depot, Truck, InternalPoint, UnlicensedPoint, TankReading, Delivery, SaleDay, Totalizer,
    Invoice, TaxDeclaration, Sampling, Verification, VaporTest, VaporDay, BulkSale, PricePost, PriceCap,
)  # fmt: skip

__all__ = [
    "RECORDS", "BulkSale", "Delivery", "Depot", "InternalPoint", "Invoice", "Nozzle", "PriceCap", "PricePost", "SaleDay",
    "Sampling", "Station", "Tank", "TankReading", "TaxDeclaration", "Totalizer", "Truck", "UnlicensedPoint", "VaporDay",
    "VaporTest", "Verification", "Wholesaler",
]  # fmt: skip
