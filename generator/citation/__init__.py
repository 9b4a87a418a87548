"""Papers as those who cite them want them: keys, BibTeX, RIS, CSL-JSON, COinS and schema.org. One file a format."""
