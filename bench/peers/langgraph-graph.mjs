import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';

// A graph that calls the fake OpenAI once. LangGraph's own server runs it, in its own folder.

// biome-ignore lint/style/noProcessEnv: LangGraph's server loads this, told so by its parent
const { OPENAI_BASE_URL } = process.env;
const roles = { system: 'system', human: 'user', ai: 'assistant' };

async function model({ messages }) {
  const response = await fetch(`${OPENAI_BASE_URL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      messages: messages.map((message) => ({
        role: roles[message.getType()],
        content: message.content,
      })),
    }),
  });
  const { choices } = await response.json();
  return { messages: [choices[0].message] };
}

export const graph = new StateGraph(MessagesAnnotation)
  .addNode('model', model)
  .addEdge(START, 'model')
  .addEdge('model', END)
  .compile();
