global using NUnit.Framework;

[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: SpeedData.Tests.Support.TimeLimit(300)]
