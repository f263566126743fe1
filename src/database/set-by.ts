/** The member who set something, as answers show it; null when that is not known. */
export type SetBy = {
  readonly id: string;
  readonly email_address: string;
  readonly full_name: string | null;
} | null;

/** The columns of a member that is joined to a row, if there is one. */
interface MemberColumns {
  readonly member_id: string | null;
  readonly email_address: string | null;
  readonly full_name: string | null;
}

export function setByOf({ member_id: id, email_address, full_name }: MemberColumns): SetBy {
  return id === null || email_address === null ? null : { id, email_address, full_name };
}
