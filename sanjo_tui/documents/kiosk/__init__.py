"""The kiosk's papers: 交付申請書, 交付一覧, 廃止一覧, 印鑑登録の一覧. None of them looks like a certificate."""
