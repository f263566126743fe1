import { answerQuestions } from '../../kernel/work-thread.ts';
import { renderDear } from './render-jinja.ts';

answerQuestions(renderDear);
