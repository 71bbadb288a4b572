"""The papers of the certificate desk (docs/disaster-certificates.md §5), one module each."""
