global using TimeText = SpeedData.Core.Reading.TimeText;
