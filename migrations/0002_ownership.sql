-- Who owns each tenant, and which nodes live. The lease serves liveness alone: what keeps a wrong owner from writing is
-- the comparison in fence_batches().

CREATE TABLE node (
  incarnation uuid PRIMARY KEY,
  name        text NOT NULL,
  expires_at  timestamptz NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE tenant_owner (
  tenant_id          bigint PRIMARY KEY,                 -- no foreign key: the row is written with every commit
  epoch              bigint NOT NULL DEFAULT 0,          -- how often the tenant was taken
  log_pos            bigint NOT NULL DEFAULT 0,          -- pos of the last record
  holder             uuid,                               -- incarnation of the owner; null: free
  min_reader_version smallint NOT NULL DEFAULT 0         -- a program below it must not own the tenant
) WITH (fillfactor = 50);

CREATE FUNCTION add_tenant_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO tenant_owner (tenant_id) VALUES (NEW.tenant_id);
  RETURN NULL;
END $$;
CREATE TRIGGER add_tenant_owner AFTER INSERT ON tenant FOR EACH ROW EXECUTE FUNCTION add_tenant_owner();

-- Registers a node, or again when its lease was lost, with 6 s to live. The predecessor is dead from now on: its
-- successor holds the lock of their common state folder. Rows nobody can need any more go.
CREATE FUNCTION enlist(p_me uuid, p_name text, p_predecessor uuid) RETURNS void LANGUAGE sql AS $$
  DELETE FROM node WHERE expires_at < clock_timestamp() - interval '1 day' AND incarnation <> p_me;
  UPDATE node SET expires_at = '-infinity' WHERE incarnation = p_predecessor AND incarnation <> p_me;
  INSERT INTO node (incarnation, name, expires_at) VALUES (p_me, p_name, clock_timestamp() + interval '6 s')
    ON CONFLICT (incarnation) DO UPDATE SET expires_at = excluded.expires_at;
$$;

-- One renewal per node. No row: the node is dead already, and must enlist anew. An expiry more than two lives ahead is
-- a clock that went back: it counts as expired for others, and the next renewal repairs it.
CREATE FUNCTION renew(p_me uuid) RETURNS boolean LANGUAGE sql AS $$
  UPDATE node SET expires_at = clock_timestamp() + interval '6 s'
   WHERE incarnation = p_me AND expires_at > clock_timestamp()
  RETURNING true $$;

CREATE FUNCTION is_alive(p_incarnation uuid) RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT EXISTS (SELECT FROM node WHERE incarnation = p_incarnation
                    AND expires_at BETWEEN clock_timestamp() AND clock_timestamp() + interval '12 s') $$;

-- The history that positions belong to: a promoted standby begins another one. Fails on a standby, where nothing may be
-- decided.
CREATE FUNCTION lineage() RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT system_identifier || '-' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) FROM pg_control_system() $$;

-- Takes a tenant that is free, or mine (a process that lost its memory must get in again, and the higher epoch fences
-- what it sent before), or whose holder is dead. No row: it is held, or was written by a newer version of the program.
CREATE FUNCTION take(p_tenant bigint, p_me uuid, p_version smallint, p_oldest_reader smallint)
RETURNS TABLE (epoch bigint, log_pos bigint, lineage text) LANGUAGE sql AS $$
  UPDATE tenant_owner o
     SET epoch = o.epoch + 1, holder = p_me, min_reader_version = greatest(o.min_reader_version, p_oldest_reader)
   WHERE o.tenant_id = p_tenant
     AND o.min_reader_version <= p_version
     AND (o.holder IS NULL OR o.holder = p_me OR NOT is_alive(o.holder))
     AND is_alive(p_me)
  RETURNING o.epoch, o.log_pos, lineage() $$;

CREATE FUNCTION release(p_tenant bigint, p_epoch bigint, p_me uuid) RETURNS boolean LANGUAGE sql AS $$
  UPDATE tenant_owner SET holder = NULL WHERE tenant_id = p_tenant AND epoch = p_epoch AND holder = p_me
  RETURNING true $$;
