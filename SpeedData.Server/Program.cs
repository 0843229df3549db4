using SpeedData.Server;
using SpeedData.Server.Hosting;
using SpeedData.Server.Reading;

ReadingAhead.Begin(args);
return await Application.RunAsync(args, new ApplicationEnvironment { BeforeServing = PoolThreads.StartAll });
