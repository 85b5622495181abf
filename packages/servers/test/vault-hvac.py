"""Talks to a Vault as Python programs do. Reads VAULT_ADDR and VAULT_TOKEN, and of a database engine
MOUNT and CONNECTION; fails by an exception."""

import json
import os

import hvac

client = hvac.Client(url=os.environ["VAULT_ADDR"], token=os.environ["VAULT_TOKEN"])
assert client.is_authenticated()
assert client.sys.is_initialized() and not client.sys.is_sealed()
assert client.sys.read_health_status(method="GET")["initialized"]
assert client.sys.read_health_status(method="HEAD").status_code == 200

client.sys.enable_secrets_engine("kv", path="hvac-1", options={"version": "1"})
client.sys.enable_secrets_engine("kv", path="hvac-2", options={"version": "2"})
assert client.sys.list_mounted_secrets_engines()["data"]["hvac-2/"]["options"] == {"version": "2"}

v1, v2 = client.secrets.kv.v1, client.secrets.kv.v2
v1.create_or_update_secret("team/db", {"user": "a", "pwd": "b"}, mount_point="hvac-1")
assert v1.read_secret("team/db", mount_point="hvac-1")["data"] == {"user": "a", "pwd": "b"}
assert v1.list_secrets("team", mount_point="hvac-1")["data"]["keys"] == ["db"]
v1.delete_secret("team/db", mount_point="hvac-1")
try:
    v1.read_secret("team/db", mount_point="hvac-1")
    raise AssertionError("a deleted secret was read")
except hvac.exceptions.InvalidPath:
    pass

for value in ("old", "new"):
    v2.create_or_update_secret("team/db", {"pwd": value}, mount_point="hvac-2")
read = v2.read_secret_version("team/db", mount_point="hvac-2")["data"]
assert read["data"] == {"pwd": "new"} and read["metadata"]["version"] == 2
read = v2.read_secret_version("team/db", version=1, mount_point="hvac-2")["data"]
assert read["data"] == {"pwd": "old"}
assert v2.list_secrets("team", mount_point="hvac-2")["data"]["keys"] == ["db"]
try:
    v2.create_or_update_secret("team/db", {"pwd": "x"}, cas=1, mount_point="hvac-2")
    raise AssertionError("a wrong check-and-set was taken")
except hvac.exceptions.InvalidRequest:
    pass
v2.delete_latest_version_of_secret("team/db", mount_point="hvac-2")
v2.undelete_secret_versions("team/db", [2], mount_point="hvac-2")
v2.destroy_secret_versions("team/db", [1], mount_point="hvac-2")
metadata = v2.read_secret_metadata("team/db", mount_point="hvac-2")["data"]
assert [metadata["versions"][n]["destroyed"] for n in ("1", "2")] == [True, False]
v2.delete_metadata_and_all_versions("team/db", mount_point="hvac-2")

client.sys.create_or_update_policy("hvac", {"path": {"hvac-2/data/*": {"capabilities": ["read"]}}})
assert "hvac" in client.sys.list_policies()["data"]["policies"]
token = client.create_token(policies=["hvac"], lease="1h")["auth"]["client_token"]
reader = hvac.Client(url=os.environ["VAULT_ADDR"], token=token)
assert reader.lookup_token()["data"]["policies"] == ["default", "hvac"]
assert reader.renew_self_token()["auth"]["client_token"] == token
try:
    reader.secrets.kv.v2.list_secrets("team", mount_point="hvac-2")
    raise AssertionError("what the policy doesn't allow was allowed")
except hvac.exceptions.Forbidden:
    pass
client.revoke_token(token)
assert not reader.is_authenticated()
client.sys.delete_policy("hvac")

wrapped = client.write("sys/wrapping/wrap", wrap_ttl="1m", greeting="hello")["wrap_info"]["token"]
assert client.sys.unwrap(wrapped)["data"] == {"greeting": "hello"}
try:
    client.sys.unwrap(wrapped)
    raise AssertionError("what was wrapped was taken out twice")
except hvac.exceptions.InvalidRequest:
    pass

database, mount = client.secrets.database, os.environ["MOUNT"]
database.configure("hvac", mount_point=mount, **json.loads(os.environ["CONNECTION"]))
database.create_role(
    "hvac",
    db_name="hvac",
    creation_statements=["create role \"{{name}}\" login password '{{password}}'"],
    default_ttl="1m",
    max_ttl="1h",
    mount_point=mount,
)
made = database.generate_credentials("hvac", mount_point=mount)
assert made["lease_duration"] == 60 and set(made["data"]) == {"username", "password"}
assert client.sys.renew_lease(made["lease_id"], increment=120)["lease_duration"] == 120
assert client.sys.read_lease(made["lease_id"])["data"]["renewable"]
client.sys.revoke_lease(made["lease_id"])
try:
    client.sys.read_lease(made["lease_id"])
    raise AssertionError("a lease that was revoked is still there")
except hvac.exceptions.InvalidRequest:
    pass

client.sys.disable_secrets_engine("hvac-1")
client.sys.disable_secrets_engine("hvac-2")
print("hvac is content")
