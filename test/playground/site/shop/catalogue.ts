export interface Product {
  readonly slug: string;
  readonly category: string;
  readonly name: string;
  readonly line: string;
  readonly story: readonly string[];
  readonly priceCents: number;
  readonly unit: string;
  /** Degrees on the colour circle, for the product's picture. */
  readonly hue: number;
  readonly facts: Readonly<Record<string, string>>;
}

export interface Category {
  readonly slug: string;
  readonly name: string;
  readonly line: string;
  readonly story: readonly string[];
}

export const CATEGORIES: readonly Category[] = [
  {
    slug: "green",
    name: "Green tea",
    line: "Steamed or pan-fired, picked in spring",
    story: [
      "Green tea is tea that was stopped in time. Within hours of picking, the leaves are heated: over steam in Japan, in a hot pan in China. That keeps them green, and it keeps the taste of the garden in them: grass after rain, chestnut, a breath of the sea.",
      "It asks for little: water well below the boil, a minute or two, and a second and third cup from the same leaves. If a cup turns out bitter, the water was too hot. Nothing else ever is to blame.",
    ],
  },
  {
    slug: "black",
    name: "Black tea",
    line: "Malty mornings and long afternoons",
    story: [
      "Black tea has been left to breathe. Rolled and rested, its leaves turn from green to copper to brown, and what was grass becomes malt, honey and dried fruit. It travels well, keeps for years and forgives almost every mistake at the kettle.",
      "We buy from four gardens that we have known for a long time. Each sends one or two lots a year, and when they are gone, they are gone until the next harvest.",
    ],
  },
  {
    slug: "teaware",
    name: "Teaware",
    line: "Pots, cups and kettles that last",
    story: [
      "A good pot pours without dripping, keeps its lid on and can be cleaned by hand. That is all it has to do, and it is surprisingly hard to find. The pieces here are made by three small workshops, and we use every one of them in our own kitchen.",
      "Everything can be mended: we stock lids, handles and filters for as long as a piece is made, and for ten years after.",
    ],
  },
];

export const PRODUCTS: readonly Product[] = [
  {
    slug: "spring-sencha",
    category: "green",
    name: "Spring Sencha",
    line: "First flush from Uji: fresh, sweet, a little salty",
    story: [
      "Picked in the last days of April, when the bushes have rested all winter and put everything they have saved into four small leaves. Deep-steamed for ninety seconds, which breaks the leaf a little and makes a cup that is bright green and almost thick.",
      "The first infusion tastes of young peas and the sea. The second is rounder and sweeter, the third is for sitting by the window. Keep the bag in the fridge once it is open, and finish it within two months.",
    ],
    priceCents: 1690,
    unit: "100 g",
    hue: 112,
    facts: { Origin: "Uji, Japan", Harvest: "April", Water: "70 °C", Time: "60 seconds", Infusions: "3" },
  },
  {
    slug: "dragon-well",
    category: "green",
    name: "Dragon Well",
    line: "Pan-fired by hand: chestnut and warm bread",
    story: [
      "Flat, smooth leaves, pressed by hand against the wall of a hot iron wok. One person fires about two kilograms on a good day, and you can taste whose hands they were. Ours belong to the Shen family, above the lake in Hangzhou.",
      "Throw a pinch into a tall glass, pour on hot water and drink from the top as the leaves sink. Add more water when a third is left. This goes on for most of a morning.",
    ],
    priceCents: 2150,
    unit: "100 g",
    hue: 84,
    facts: { Origin: "Hangzhou, China", Harvest: "before 5 April", Water: "80 °C", Time: "2 minutes", Infusions: "4" },
  },
  {
    slug: "roasted-hojicha",
    category: "green",
    name: "Roasted Hojicha",
    line: "Toasty, gentle, good at night",
    story: [
      "Leaves and stems of the autumn harvest, roasted in a drum until the whole street smells of caramel. The roasting takes away most of the caffeine and every trace of bitterness: boiling water does it no harm, and neither does forgetting it in the pot.",
      "Drink it after dinner, cold in summer, or with milk and a spoon of brown sugar. Children like it, which says a lot.",
    ],
    priceCents: 990,
    unit: "100 g",
    hue: 28,
    facts: { Origin: "Shizuoka, Japan", Harvest: "October", Water: "95 °C", Time: "30 seconds", Infusions: "2" },
  },
  {
    slug: "jasmine-pearls",
    category: "green",
    name: "Jasmine Pearls",
    line: "Rolled by hand, scented with seven nights of flowers",
    story: [
      "Two leaves and a bud, rolled into a pearl and laid on fresh jasmine flowers as they open in the evening. In the morning the flowers are sifted out, and at night new ones take their place: seven nights, until the leaves will take no more.",
      "Six pearls make a cup. They uncurl slowly, and the scent fills the room before the taste arrives.",
    ],
    priceCents: 2490,
    unit: "100 g",
    hue: 60,
    facts: { Origin: "Fujian, China", Harvest: "May and August", Water: "80 °C", Time: "3 minutes", Infusions: "4" },
  },
  {
    slug: "second-flush-assam",
    category: "black",
    name: "Second Flush Assam",
    line: "Golden tips, malt and a firm hand",
    story: [
      "June in the Brahmaputra valley is hot and wet, and the second flush of leaves comes with golden tips and a taste of malt that needs no sugar and does not mind milk. This lot is from Harmutty, from a part of the garden planted in 1978.",
      "A heaped spoon for each cup, boiling water and four minutes. Strong enough for a Monday.",
    ],
    priceCents: 1250,
    unit: "100 g",
    hue: 14,
    facts: { Origin: "Assam, India", Harvest: "June", Water: "100 °C", Time: "4 minutes", Infusions: "1" },
  },
  {
    slug: "smoke-and-pine",
    category: "black",
    name: "Smoke and Pine",
    line: "A lapsang dried over pine fires",
    story: [
      "In the Wuyi mountains the last drying is done above smouldering pine, in wooden houses three floors high. Done in a hurry, it tastes of tar. Done over four days, it tastes of a walk through the woods in November, with dried longan at the end.",
      "It is wonderful with eggs, with old cheese and with a book. A pinch of it improves any breakfast blend.",
    ],
    priceCents: 1580,
    unit: "100 g",
    hue: 0,
    facts: { Origin: "Wuyi, China", Harvest: "May", Water: "95 °C", Time: "3 minutes", Infusions: "2" },
  },
  {
    slug: "house-breakfast",
    category: "black",
    name: "House Breakfast",
    line: "Our own blend, unchanged since we opened",
    story: [
      "Assam for strength, Ceylon for brightness, and a little Keemun, because it rounds off the edges. We taste it again with every new harvest and change the shares, so that the cup stays the same.",
      "Takes milk, takes sugar, takes being forgotten while you look for your keys.",
    ],
    priceCents: 890,
    unit: "125 g",
    hue: 20,
    facts: { Origin: "India, Ceylon, China", Harvest: "all year", Water: "100 °C", Time: "4 minutes", Infusions: "1" },
  },
  {
    slug: "high-mountain-ceylon",
    category: "black",
    name: "High Mountain Ceylon",
    line: "Bright, brisk, a little citrus",
    story: [
      "Grown at 1,900 metres near Nuwara Eliya, where the nights are cold and the leaves grow slowly. The cup is light in colour and anything but light in taste: lemon peel, cedar, and a finish as clear as the air up there.",
      "Best without milk. On ice, with a slice of peach, it is the whole summer.",
    ],
    priceCents: 1390,
    unit: "100 g",
    hue: 38,
    facts: {
      Origin: "Nuwara Eliya, Sri Lanka",
      Harvest: "February",
      Water: "95 °C",
      Time: "3 minutes",
      Infusions: "2",
    },
  },
  {
    slug: "side-handle-pot",
    category: "teaware",
    name: "Side-Handle Pot",
    line: "Red clay, 300 ml, pours with one hand",
    story: [
      "A kyusu from Tokoname, thrown on the wheel, with its sieve cut from the same clay. The handle sits at the side, so that thumb and wrist do the work. Unglazed inside: over the years it takes on the tea that you make most.",
      "Rinse with hot water, never with soap, and let it dry with the lid off.",
    ],
    priceCents: 6800,
    unit: "each",
    hue: 8,
    facts: { Maker: "Isobe kiln, Tokoname", Holds: "300 ml", Material: "red clay", Sieve: "fixed, 120 holes" },
  },
  {
    slug: "everyday-mug",
    category: "teaware",
    name: "Everyday Mug",
    line: "Stoneware, 350 ml, fits every hand",
    story: [
      "Heavy enough to stand safely on a pile of papers, thin enough at the rim to drink from with pleasure. The glaze is a matt blue-grey that goes with everything and shows no stains.",
      "Dishwasher, microwave, children: all fine. Should the handle ever break, we send another mug.",
    ],
    priceCents: 2400,
    unit: "each",
    hue: 205,
    facts: { Maker: "Feld pottery, Bremen", Holds: "350 ml", Material: "stoneware", Care: "dishwasher" },
  },
  {
    slug: "slow-kettle",
    category: "teaware",
    name: "Slow Kettle",
    line: "Stainless steel, with a thermometer in the lid",
    story: [
      "For the hob, gas or induction, with a swan neck that lets you place the water exactly. The thermometer in the lid shows the one number that matters for green tea, and needs no battery.",
      "It does not whistle. It takes six minutes for a litre, and we have come to think of that as a feature.",
    ],
    priceCents: 7900,
    unit: "each",
    hue: 220,
    facts: {
      Maker: "Lindqvist, Malmö",
      Holds: "1 litre",
      Material: "stainless steel",
      Hob: "gas, electric, induction",
    },
  },
  {
    slug: "glass-pitcher",
    category: "teaware",
    name: "Glass Pitcher",
    line: "Pour once, share evenly",
    story: [
      "The first cup out of a pot is weak and the last is strong. Pour everything into this pitcher first, and everyone drinks the same tea. It is also the best way to see what you are about to drink.",
      "Borosilicate glass, blown and not pressed, with a lip that does not drip.",
    ],
    priceCents: 1950,
    unit: "each",
    hue: 190,
    facts: { Maker: "Jena glass works", Holds: "400 ml", Material: "borosilicate glass", Care: "dishwasher" },
  },
];

export function toPrice(cents: number): string {
  return `€${(cents / 100).toFixed(2)}`;
}
