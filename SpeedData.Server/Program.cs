using SpeedData.Server;

return await Application.RunAsync(args, new ApplicationEnvironment());
