global using NUnit.Framework;

// Many tests spend more time waiting for a server, a browser or a disk than computing.
[assembly: LevelOfParallelism(4)]
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: SpeedData.Tests.Support.TimeLimit(300)]
