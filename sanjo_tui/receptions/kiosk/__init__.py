"""証明書交付: at the counter by face, at the kiosk by the card's own PIN; 印鑑登録 (docs/kiosk.md)."""
