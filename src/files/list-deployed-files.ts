import { selectDeployedFiles } from './deployment-list-queries.ts';

/** The files of which something is deployed, by path, with the versions that are. */
export const listDeployedFiles = selectDeployedFiles;
