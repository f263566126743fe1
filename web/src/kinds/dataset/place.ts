/** A place in the grid. */
export interface Place {
  readonly row: number;
  readonly column: number;
}
