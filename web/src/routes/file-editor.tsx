import { Navigate, useParams, useSearch } from '@tanstack/react-router';
import { type ComponentType, lazy, Suspense } from 'react';
import type { FileKind } from '../api/types.ts';
import type { EditorSearch } from '../editor/editor-search.ts';
import { kindOfId } from '../files/kind-of-id.ts';

const ModelEditor = lazy(async () => ({
  default: (await import('../editor/page/editor-page.tsx')).EditorPage,
}));
const ToolEditor = lazy(async () => ({
  default: (await import('../kinds/tool/tool-editor.tsx')).ToolEditor,
}));
const EvaluatorEditor = lazy(async () => ({
  default: (await import('../kinds/evaluator/evaluator-editor.tsx')).EvaluatorEditor,
}));
const FlowEditor = lazy(async () => ({
  default: (await import('../kinds/flow/flow-editor.tsx')).FlowEditor,
}));

interface EditorProps {
  readonly fileId: string;
  readonly search: EditorSearch;
}

/** The editor of each kind, which is the whole page. The rows of a dataset are its editor. */
const editors: Readonly<Record<FileKind, ComponentType<EditorProps> | undefined>> = {
  agent: ModelEditor,
  prompt: ModelEditor,
  tool: ToolEditor,
  evaluator: EvaluatorEditor,
  flow: FlowEditor,
  dataset: undefined,
};

/** Where versions of a file are written. */
export function FileEditorPage() {
  const { fileId } = useParams({ from: '/signed-in/f/$fileId/editor' });
  const search = useSearch({ from: '/signed-in/f/$fileId/editor' });
  const kind = kindOfId(fileId);
  const Editor = kind && editors[kind];
  if (!Editor) return <Navigate to="/f/$fileId" params={{ fileId }} replace />;
  return (
    <Suspense>
      <Editor key={fileId} fileId={fileId} search={search} />
    </Suspense>
  );
}
