import type { Attack } from '../attack.ts';
import { attacksAtTheDoor } from './door.ts';
import { attacksOnTheEventLoop } from './event-loop.ts';
import { attacksOfLongAnswers } from './long-answers.ts';
import { attacksOfPython } from './python.ts';
import { attacksOnTheDatabase } from './queries.ts';
import { attacksOfRemoteServers } from './remote-servers.ts';
import { attacksOfRunsBelowRuns } from './runs-below.ts';

export const allAttacks: readonly Attack[] = [
  ...attacksOnTheEventLoop,
  ...attacksOfRemoteServers,
  ...attacksOfRunsBelowRuns,
  ...attacksOfLongAnswers,
  ...attacksOfPython,
  ...attacksOnTheDatabase,
  ...attacksAtTheDoor,
];
