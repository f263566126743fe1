/** Whether a judgment is good. */
export const valences = [
  { value: '', name: 'Says nothing' },
  { value: 'positive', name: 'Good' },
  { value: 'negative', name: 'Bad' },
  { value: 'neutral', name: 'Neither' },
] as const;
