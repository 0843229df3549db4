global using NUnit.Framework;

// Many tests wait for a server, a browser or a disk more than they compute.
[assembly: LevelOfParallelism(4)]
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: SpeedData.Tests.Support.TimeLimit(300)]
