/** English words that say nothing of what a text is about. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above after again against ain't all almost also although always am among an and another any anyone anything are
  aren't around as at away back be became because become been before began being below between both but by came can can't cannot
  come could couldn't did didn't do does doesn't doing don't done down during each either else enough etc even ever every
  everyone everything far few first for from further gave get gets getting give given go goes going gone got had hadn't has
  hasn't have haven't having he he's her here hers herself him himself his how however i i'd i'll i'm i've if in into is isn't
  it it's its itself just keep kept know last least less let let's like made make makes many may maybe me might mine more most
  much must my myself near need never next no nobody none nor not nothing now of off often on once one only onto or other others
  our ours ourselves out over own perhaps put quite rather really said same saw say says see seem seems seen several shall she
  she's should shouldn't since so some someone something sometimes soon still such take taken than that that's the their theirs
  them themselves then there there's these they they're thing things this those though through thus to together too took toward
  towards two under until up upon us use used uses using very via was wasn't way we we'll we're we've well went were weren't what
  what's when where whether which while who whole whom whose why will with within without won't would wouldn't yes yet you you'd
  you'll you're you've your yours yourself yourselves`.split(/\s+/),
);
