"""The counter's papers: 確認書, 申請書, 受付案内票, 番号札, 収納一覧."""
