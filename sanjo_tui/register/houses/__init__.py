"""家屋と被害認定調査, delivered like the register and kept beside it (docs/disaster-certificates.md §2)."""
