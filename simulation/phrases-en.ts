/** The words of English-speaking customers. */
import type { Phrases } from './phrases.ts'

export const phrasesEn: Phrases = {
  join: '. ',
  but: 'But ',
  days: ['Monday', 'Wednesday', 'Friday night', 'the weekend', 'yesterday', 'National Day', 'Singles Day'],
  items: [
    'nut gift box',
    'yoghurt',
    'dried mango',
    'beef jerky',
    'mooncakes',
    'trail mix',
    'dates',
    'flower cakes',
  ],
  openings: {
    dissatisfied: [
      'Really disappointed',
      'Terrible experience',
      'Not good enough',
      'This is the second time',
      'Avoid',
    ],
    neutral: ['It was OK', 'Average', 'Nothing special', 'Mixed feelings', 'Fine, I guess'],
    satisfied: [
      'Very happy',
      'Excellent as always',
      'Great',
      'Long-time customer here',
      'Better than expected 👍',
    ],
  },
  endings: {
    dissatisfied: ["I won't be back", 'Please call me', 'I want a refund!', 'Still waiting for an answer'],
    neutral: ['Could be better', 'We will see next time', 'Please keep improving'],
    satisfied: ['Will order again', 'Told all my friends', 'Keep it up!', 'See you next month 😊'],
  },
  remarks: {
    staff: {
      good: [
        'The staff were friendly',
        'Somebody explained everything patiently',
        'Support answered at once',
        'The cashier was kind',
      ],
      bad: [
        'The staff ignored us',
        'Support was rude',
        '{n} people in the queue and one till open',
        'I called {n} times and nobody picked up',
      ],
    },
    product: {
      good: [
        'The {item} was fresh',
        'The {item} tastes wonderful',
        'Lovely packaging, "worth every cent"',
        'Quality is consistent',
      ],
      bad: [
        'The {item} was stale',
        'The {item} had gone off',
        'I found a hair in it',
        'Looks nothing like the picture',
        'The {item} was about to expire',
      ],
    },
    price: {
      good: ['Good value', 'The member price is a bargain', 'The offer was great', 'Fair prices'],
      bad: [
        'Far too expensive',
        'Prices went up without a word',
        'It got cheaper the day after {day}',
        'The coupon did not work',
        '{n} yuan more than elsewhere',
      ],
    },
    delivery: {
      good: [
        'Arrived the next day',
        'The courier brought it to the door',
        'Fast shipping',
        'The parcel was in perfect shape',
        'Ordered on {day}, had it in no time',
      ],
      bad: [
        'It took {n} days to arrive',
        'Promised in three days, came {n} days late',
        'Left outside without a call',
        'The box was crushed',
        'Ordered on {day} and still not shipped',
      ],
    },
    app: {
      good: [
        'Ordering in the app is easy',
        'The app is clear',
        'One tap and it is reordered',
        'Paying was smooth',
      ],
      bad: [
        'The app keeps crashing',
        'The site is slow',
        'The code never arrived',
        'I was charged twice',
        'There is no way to reach a human',
      ],
    },
  },
}
