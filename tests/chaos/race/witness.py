"""What the database alone does not keep, written down by triggers in the same commit: which limits
were in force from which position on, and where the batches end.

A batch keeps the last of several limits of one agent on one channel: they have to be set one after
another, each once the one before is answered."""

TRIGGERS = """
CREATE TABLE witnessed_limits (
  agent_id bigint, channel smallint, pos bigint, enabled boolean, slots_max int, slots_hard_max int);
CREATE TABLE witnessed_batch (head bigint);

CREATE FUNCTION witness_limits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO witnessed_limits
    VALUES (NEW.agent_id, NEW.channel, NEW.pos, NEW.enabled, NEW.slots_max, NEW.slots_hard_max);
  RETURN NULL;
END $$;
CREATE TRIGGER witness_first AFTER INSERT ON agent_channel
  FOR EACH ROW EXECUTE FUNCTION witness_limits();
CREATE TRIGGER witness_next AFTER UPDATE ON agent_channel
  FOR EACH ROW WHEN (OLD.pos <> NEW.pos) EXECUTE FUNCTION witness_limits();

CREATE FUNCTION witness_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO witnessed_batch VALUES (NEW.log_pos);
  RETURN NULL;
END $$;
CREATE TRIGGER witness_batch AFTER UPDATE ON tenant_owner
  FOR EACH ROW WHEN (OLD.log_pos <> NEW.log_pos) EXECUTE FUNCTION witness_batch();
"""

TABLES = {
    "agents": "SELECT agent_id AS id, public_id, name, role,"
              " (SELECT coalesce(json_agg(group_id), '[]') FROM membership m"
              "   WHERE m.agent_id = a.agent_id) AS groups FROM agent a",
    "sites": "SELECT site_id AS id, (SELECT coalesce(json_agg(group_id), '[]') FROM site_group g"
             " WHERE g.site_id = s.site_id) AS groups FROM site s",
    "visitors": "SELECT visitor_id AS id, public_id FROM visitor",
    "conversations": "SELECT conversation_id AS id, public_id, visitor_id, site_id, channel,"
                     " ticket FROM conversation",
    "claims": "SELECT claim_id AS pos, agent_id, conversation_id, channel, wrap_up_pos, to_pos"
              " FROM claim",
    "entries": "SELECT pos, conversation_id, kind, author_kind, author_id,"
               " client_message_id AS message,"
               " CASE WHEN kind = 3 THEN body::json ->> 'code' END AS code,"
               " CASE WHEN kind = 3 THEN body::json ->> 'agent' END AS agent FROM entry",
    "presence": "SELECT pos, agent_id, channel, intent, status, reason, reconnecting"
                " FROM presence_change",
    "limits": "SELECT * FROM witnessed_limits",
    "batches": "SELECT head FROM witnessed_batch",
    "blocks": "SELECT block_id AS pos, public_id, visitor_id, lifted_pos,"
              " expires_at IS NOT NULL AS expires FROM block",
    "missed": "SELECT pos, site_id, visitor_public_id AS visitor, channel, cause"
              " FROM missed_contact",
}


def read(postgres, tenant):
    """All rows of what happened at the tenant, by table."""
    rows = {}
    for name, sql in TABLES.items():
        is_ours = "" if "witnessed" in sql else f" WHERE tenant_id = {tenant}"
        rows[name] = postgres.rows(sql + is_ours)
    return rows
