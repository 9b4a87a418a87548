"""What formats of records have in common: XML, JSON, dates, names of people and of papers. Pure."""
