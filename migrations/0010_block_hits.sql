-- How many contacts a block turned away is counted when somebody looks at it.
CREATE INDEX missed_contact_of_blocked ON missed_contact (tenant_id, visitor_public_id, pos) WHERE cause = 3;
