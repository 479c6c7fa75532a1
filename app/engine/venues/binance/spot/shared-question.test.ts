import { expect, test } from 'vitest';
import { SharedQuestion } from './shared-question.ts';

function setUp() {
  const asked: number[] = [];
  const answers: ((answer: string) => void)[] = [];
  const question = new SharedQuestion<string>((since) => {
    asked.push(since);
    return new Promise((resolve) => {
      answers.push(resolve);
    });
  });
  return { asked, answers, question };
}

test('questions that come while one is under way share the next request, from the earliest time on', async () => {
  const { asked, answers, question } = setUp();
  const first = question.ask(50);
  const others = [question.ask(40), question.ask(10), question.ask(30)];
  expect(asked).toEqual([50]);
  answers[0]?.('one');
  expect(await first).toBe('one');
  await Promise.resolve();
  expect(asked).toEqual([50, 10]);
  answers[1]?.('two');
  expect(await Promise.all(others)).toEqual(['two', 'two', 'two']);
});

test('a question after the last answer is a request of its own', async () => {
  const { asked, answers, question } = setUp();
  const first = question.ask(1);
  answers[0]?.('one');
  await first;
  const second = question.ask(2);
  answers[1]?.('two');
  expect(await second).toBe('two');
  expect(asked).toEqual([1, 2]);
});

test('a request that fails fails those who shared it and nobody else', async () => {
  let calls = 0;
  const question = new SharedQuestion<string>(async () => {
    calls += 1;
    if (calls === 1) throw new Error('no');
    return 'yes';
  });
  const [first, second] = await Promise.allSettled([question.ask(1), question.ask(1)]);
  expect([first.status, second]).toEqual(['rejected', { status: 'fulfilled', value: 'yes' }]);
});
