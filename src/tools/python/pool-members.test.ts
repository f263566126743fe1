import { expect, test } from 'vitest';
import { judged, longestIn, type Member, Members, setState, turnMs } from './pool-members.ts';

const ownerOf = (codeId: string, organizationId = 'org') => ({ organizationId, codeId });

function member(
  more: Partial<Omit<Member, 'process'>> & { isUsable?: boolean; code?: string } = {},
) {
  const { isUsable = true, code, ...rest } = more;
  const request = code && { owner: ownerOf(code), lane: 'live', mayInterrupt: () => true };
  const process = { isUsable, startMs: 300 };
  const made = { process, request, state: 'idle', since: 0, ownedSince: 0, ...rest };
  return made as unknown as Member;
}

function membersOf(...all: readonly Member[]): Members {
  const members = new Members();
  for (const each of all) members.add(each);
  return members;
}

test('code gets a process of its own owner, that is idle and has not been killed', () => {
  const own = member({ code: 'a' });
  const members = membersOf(
    member({ code: 'b' }),
    member(),
    member({ code: 'a', isUsable: false }),
    member({ code: 'a', state: 'busy' }),
    member({ code: 'a', state: 'leaving' }),
    own,
  );
  expect(members.idleOf(ownerOf('a'))).toBe(own);
  members.delete(own);
  expect(members.size).toBe(5);
  expect(members.idleOf(ownerOf('a'))).toBeUndefined();
  expect(members.idleOf(ownerOf('b', 'another'))).toBeUndefined();
  expect(members.has(ownerOf('a'))).toBe(true);
  expect(members.has(ownerOf('a', 'another'))).toBe(false);
  expect(members.has(ownerOf('c'))).toBe(false);
});

test('a process is clean when it has run nothing, is idle and has not been killed', () => {
  const clean = member();
  expect(membersOf(member({ code: 'a' }), clean).clean).toBe(clean);
  expect(membersOf(member({ code: 'a' }), member({ isUsable: false })).clean).toBeUndefined();
  expect(membersOf(member({ state: 'busy' })).clean).toBeUndefined();
});

test('members are found by their state, and the longest in it is the one that began it first', () => {
  const [late, early] = [member({ since: 20 }), member({ since: 10 })];
  const members = membersOf(late, member({ since: 1, state: 'busy' }), early);
  expect(members.in('idle')).toEqual([late, early]);
  expect([...members]).toHaveLength(3);
  expect(longestIn(members.in('idle'))).toBe(early);
  expect(longestIn([])).toBeUndefined();
  const before = performance.now();
  setState(early, 'busy');
  expect(early.state).toBe('busy');
  expect(early.since).toBeGreaterThanOrEqual(before);
});

test('an owner keeps a process for twice the time that its start took', () => {
  expect(turnMs(member())).toBe(600);
});

test('what judges is known by its lane', () => {
  const judging = member({ code: 'a' });
  expect(judged(judging)).toBe(false);
  expect(judged(member())).toBe(false);
  Object.assign(judging.request ?? {}, { lane: 'judging' });
  expect(judged(judging)).toBe(true);
});
