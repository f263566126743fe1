import manifest from '../../package.json' with { type: 'json' };

/** The version of this Loopwright: that of its `package.json`. */
export const { version } = manifest;
