/** What is done with a file or a directory in a dialog. */
export type EntryAction = 'new-file' | 'new-directory' | 'rename' | 'move' | 'delete';
