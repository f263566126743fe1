import { type Static, Type } from 'typebox';
import { checkedByCode } from './checked-by-code.ts';
import { environment, fileListQuery } from './file.ts';
import { fileTypes } from './kinds/index.ts';
import { nullable, oneOf, optional } from './nullable.ts';
import { time } from './time.ts';

const name = Type.String({
  description: 'Unique in the organization; case does not count.',
  ...checkedByCode({ minLength: 1, maxLength: 64 }),
});

const deployers = oneOf(['editors', 'admins'], {
  description: 'Who deploys to it: whoever may write, or admins alone.',
});

export const environmentRequest = Type.Object({ name, deployers: optional(deployers) });

/** What to change of an environment. A field that is left out stays as it is. */
export const environmentChange = Type.Object({
  name: optional(name),
  deployers: optional(deployers),
  tag: optional(
    oneOf(['default'], {
      description: 'Makes it the default environment, in place of the one that was.',
    }),
  ),
});

/** An environment of the organization. */
export const organizationEnvironment = Type.Object(
  {
    ...environment.properties,
    deployers,
    deployments_count: Type.Integer({ description: 'How many files are deployed to it.' }),
  },
  { additionalProperties: true, title: 'OrganizationEnvironmentResponse' },
);

/** How to page and filter the list of deployments. */
export const deploymentsQuery = Type.Object({
  page: fileListQuery.properties.page,
  size: fileListQuery.properties.size,
  differs: Type.Boolean({
    default: false,
    description:
      'Only files of which an environment has another version than the default environment has.',
  }),
});

/** A file, and where which of its versions is deployed. */
export const deployedFile = Type.Object(
  {
    id: Type.String(),
    type: oneOf(fileTypes),
    path: Type.String(),
    deployments: Type.Array(
      Type.Object({
        environment_id: Type.String(),
        version_id: Type.String(),
        version_name: nullable(Type.String()),
        deployed_at: time,
      }),
    ),
  },
  { additionalProperties: true, title: 'DeployedFileResponse' },
);

export type EnvironmentRequest = Static<typeof environmentRequest>;
export type EnvironmentChange = Static<typeof environmentChange>;
