"""What Redis does in one step: scripts in Lua, each over one key."""

from __future__ import annotations

from typing import Final

INCR: Final = """
local number = redis.call('INCRBY', KEYS[1], ARGV[1])
if ARGV[2] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return number
"""
"""By how much; how long it lives in ms (0: as before)."""

PUSH: Final = """
local length = redis.call('RPUSH', KEYS[1], ARGV[1])
if ARGV[2] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return length
"""
"""JSON; how long it lives in ms (0: as before)."""

COMPARE: Final = """
local found = redis.call('GET', KEYS[1]) or ''
if found ~= ARGV[1] then return found end
if ARGV[3] ~= '0' then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
else
  redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
end
return false
"""
"""The text expected (empty: none); JSON; how long it lives in ms (0: as before). Gives what was found instead."""

_PUT: Final = """
local old = redis.call('HGET', KEYS[1], field)
local place = old and string.match(old, '^%d+') or redis.call('HINCRBY', KEYS[1], 'n', 1)
redis.call('HSET', KEYS[1], field, place .. ':' .. value)
"""
_REMOVE: Final = """
local removed = redis.call('HDEL', KEYS[1], field)
if removed == 1 and redis.call('HLEN', KEYS[1]) == 1 then redis.call('DEL', KEYS[1]) end
"""

PUT: Final = f"""
local field, value = ARGV[1], ARGV[2]
{_PUT}
return old and 0 or 1
"""
"""The field; JSON. Gives whether the field is new."""

REMOVE: Final = f"""
local field = ARGV[1]
{_REMOVE}
return removed
"""
"""The field. Gives how many there were."""

SWAP: Final = f"""
local value, field = ARGV[2], ARGV[3]
local found = redis.call('HGET', KEYS[1], field)
local text = found and string.sub(found, string.find(found, ':', 1, true) + 1) or ''
if text ~= ARGV[1] then return text end
if value ~= '' then
{_PUT}
else
{_REMOVE}
end
return false
"""
"""The text expected (empty: none); JSON (empty: none); the field. Gives what was found instead."""

FILL: Final = """
if ARGV[1] == '0' and redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HLEN', KEYS[1])
  return 0
end
redis.call('DEL', KEYS[1])
for number = 2, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[number], number / 2 .. ':' .. ARGV[number + 1])
end
if #ARGV > 1 then redis.call('HSET', KEYS[1], 'n', (#ARGV - 1) / 2) end
return 1
"""
"""1 to replace whatever is there; then fields and JSON in turns. Gives whether it was filled."""
