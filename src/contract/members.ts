import { Type } from 'typebox';
import { displayName, emailAddress, open, roleSchema } from './accounts.ts';
import { nullable, oneOf } from './nullable.ts';
import { time } from './time.ts';

/** A member of an organization. */
export const memberResponse = Type.Object(
  {
    id: Type.String(),
    email_address: nullable(
      Type.String({ description: 'Null for those who may not see it: it takes `admin`.' }),
    ),
    full_name: nullable(Type.String()),
    role: roleSchema,
    status: oneOf(['active', 'invited', 'imported', 'removed']),
    last_seen_at: nullable(Type.Unsafe<string>({ ...time, description: 'At most a minute late.' })),
    created_at: time,
  },
  { ...open, title: 'MemberResponse' },
);

export const roleChange = Type.Object({ role: roleSchema });

/** Whom to invite. */
export const invitationRequest = Type.Object({ email_address: emailAddress, role: roleSchema });

/** A link that was made now, which works once. */
export const newLink = Type.Object(
  {
    url: Type.String({ description: 'The link. It is shown only once; pass it on.' }),
    expires_at: time,
  },
  { ...open, title: 'LinkResponse' },
);

/** An invitation that was made or renewed now. */
export const newInvitation = Type.Object(
  { id: Type.String(), ...newLink.properties },
  { ...open, title: 'NewInvitationResponse' },
);

/** An invitation that was not accepted yet. */
export const invitationResponse = Type.Object(
  {
    id: Type.String(),
    email_address: Type.String(),
    role: roleSchema,
    created_at: time,
    expires_at: time,
  },
  { ...open, title: 'InvitationResponse' },
);

/** An organization. */
export const organizationResponse = Type.Object(
  { id: Type.String(), name: Type.String(), created_at: time },
  { ...open, title: 'OrganizationResponse' },
);

export const organizationChange = Type.Object({ name: displayName });
