-- A public id is one block's for ever, whether it is in force or lifted, so that lifting it lifts what was meant.

-- Before, an Idempotency-Key that was sent again blocked somebody else, or anew, under the same id. Of such blocks one keeps
-- the id, the newest in force or else the newest; the others get ids of their own, under which they can be lifted.
UPDATE block b SET public_id = gen_random_uuid()
  FROM (SELECT tenant_id, block_id,
               row_number() OVER (PARTITION BY tenant_id, public_id
                                  ORDER BY (lifted_at IS NULL) DESC, block_id DESC) AS nth FROM block) same
 WHERE b.tenant_id = same.tenant_id AND b.block_id = same.block_id AND same.nth > 1;

DROP INDEX block_public_id;
CREATE UNIQUE INDEX block_public_id ON block (tenant_id, public_id);

-- What a request came to when that was there already under another id; null: what has the reserved id, if anything.
ALTER TABLE reservation ADD COLUMN made_id uuid;
