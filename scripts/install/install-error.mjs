/** A failure that its message explains: what happened, and what to do. */
export class InstallError extends Error {}
