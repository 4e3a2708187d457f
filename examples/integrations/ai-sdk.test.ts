import { AiSdkAgent, LANGUAGE_MODEL } from './ai-sdk.agent.js';
import { fakeModel } from './ai-sdk.fake.js';
import { describeChat } from './chat.suite.js';

describeChat(AiSdkAgent, (heard) => [{ provide: LANGUAGE_MODEL, useValue: fakeModel(heard) }]);
