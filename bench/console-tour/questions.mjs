/** A question for each screen, and where its answer is when it is shown. `long`: id of a task with 10,000 events. */
export const questionsAbout = (long) => [
  {
    screen: 'Overview',
    question: 'How many tasks failed in the last hour, and what is open at which agent?',
    route: '',
    answer: async (page) => {
      await page.getByText(/^of [\d,]+ tasks$/).waitFor();
      await page.getByRole('region', { name: 'Open tasks by agent and state' }).getByText('Input required').waitFor();
    },
  },
  {
    screen: 'Tasks',
    question: 'Which tasks of owner-44 failed, and why?',
    route: 'tasks?state=failed&owner=owner-44',
    answer: (page) => page.getByText('Failed, as asked.').first().waitFor(),
  },
  {
    screen: 'Tasks',
    question: 'What was rejected before a time, of any owner?',
    route: 'tasks?state=rejected&to={noon}',
    answer: (page) => page.getByText('Rejected, as asked.').first().waitFor(),
  },
  {
    screen: 'Task',
    question: 'How did a task with 10,000 events end?',
    route: `tasks/${long}`,
    answer: async (page) => {
      await page.getByRole('option').first().waitFor();
      await page.getByRole('listbox', { name: 'Events' }).evaluate((list) => (list.scrollTop = list.scrollHeight));
      await page.getByRole('option', { name: /10003/ }).getByText('Completed').waitFor();
    },
  },
  {
    screen: 'Try it',
    question: 'What does the agent lab answer to "echo hello"?',
    route: 'try?agent=lab',
    answer: async (page) => {
      await page.getByLabel('Text', { exact: true }).fill('echo hello');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.locator('.made', { hasText: 'hello' }).waitFor();
    },
  },
  {
    screen: 'Webhooks',
    question: 'Which deliveries were given up, and what did the receiver say?',
    route: 'webhooks?view=dead',
    answer: (page) => page.getByText('The receiver is broken.').first().waitFor(),
  },
  {
    screen: 'Agents',
    question: 'Is the card of the agent lab valid?',
    route: 'agents/lab',
    answer: (page) => page.getByText('Card is valid').first().waitFor(),
  },
  {
    screen: 'Replicas',
    question: 'Who holds a lease, and was a task taken over?',
    route: 'replicas',
    answer: async (page) => {
      await page.getByText('answers you').waitFor();
      await page.getByText('Nothing was taken over.').waitFor();
    },
  },
];
