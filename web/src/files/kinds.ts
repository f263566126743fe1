import { Bot, Database, MessageSquareText, Scale, Workflow, Wrench } from 'lucide-react';
import type { FileKind } from '../api/types.ts';

/** How each kind looks: always icon, name and colour together. */
export const kinds = {
  agent: { icon: Bot, label: 'Agent', text: 'text-agent', fill: 'bg-agent' },
  prompt: { icon: MessageSquareText, label: 'Prompt', text: 'text-prompt', fill: 'bg-prompt' },
  tool: { icon: Wrench, label: 'Tool', text: 'text-tool', fill: 'bg-tool' },
  flow: { icon: Workflow, label: 'Flow', text: 'text-flow', fill: 'bg-flow' },
  evaluator: { icon: Scale, label: 'Evaluator', text: 'text-evaluator', fill: 'bg-evaluator' },
  dataset: { icon: Database, label: 'Dataset', text: 'text-dataset', fill: 'bg-dataset' },
} as const satisfies Readonly<Record<FileKind, unknown>>;
