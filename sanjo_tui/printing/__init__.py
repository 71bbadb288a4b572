"""From a document that is due to paper: jobs in the journal, one worker, printers."""
