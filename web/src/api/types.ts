import type { components, paths } from './schema.gen.ts';

export type Schemas = components['schemas'];

export type ChatMessage = Schemas['ChatMessage'];
export type ToolCall = Schemas['ToolCall'];
export type LogResponse = Schemas['LogResponse'];
export type LogSummary = Schemas['LogSummary'];
export type FileResponse = Schemas['FileResponse'];

/** What a GET of a path answers, for those that are read with a query of our own. */
export type AnswerOf<Path extends keyof paths> = paths[Path] extends {
  readonly get: {
    readonly responses: {
      readonly 200: { readonly content: { readonly 'application/json': infer Body } };
    };
  };
}
  ? Body
  : never;

/** What kinds of files there are. */
export type FileKind = FileResponse['type'];

/** Who makes a request: a member by a session, or a key. */
export type Me = Schemas['MeResponse'];
export type Scope = Me['caller']['scopes'][number];
export type Role = Me['member']['role'];
export type Session = Schemas['SessionResponse'];
export type Member = Schemas['MemberResponse'];
export type Invitation = Schemas['InvitationResponse'];
export type ApiKey = Schemas['ApiKeyResponse'];
export type MadeApiKey = Schemas['MadeApiKeyResponse'];
export type ProviderKey = Schemas['ProviderKeyResponse'];
export type CustomEndpoint = Schemas['CustomEndpointResponse'];
export type ProviderTrial = Schemas['ProviderTrialResponse'];
export type OrganizationEnvironment = Schemas['OrganizationEnvironmentResponse'];
